import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A client of version 1 with Netty: `ClassicClient HOST PORT`. Each line of standard input is a packet
 * to send, `COMMAND JSON`; each packet that comes is printed so. It heartbeats every 5 s, and ends
 * when standard input does, or the server closes.
 */
public final class ClassicClient {
  private static final int MAGIC = 0x12345678;
  private static final int VERSION = 1;
  private static final int JSON = 1;
  private static final int HEARTBEAT = 17;
  private static final int SILENT_SECONDS_MAX = 15;

  public static void main(String[] args) throws Exception {
    var group = new NioEventLoopGroup(1);
    try {
      var bootstrap = new Bootstrap().group(group).channel(NioSocketChannel.class).handler(pipeline());
      var channel = bootstrap.connect(args[0], Integer.parseInt(args[1])).sync().channel();
      channel
          .eventLoop()
          .scheduleAtFixedRate(() -> send(channel, HEARTBEAT, "{}"), 5, 5, TimeUnit.SECONDS);
      readLines(channel);
      channel.close().sync();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static ChannelInitializer<SocketChannel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(new IdleStateHandler(SILENT_SECONDS_MAX, 0, 0))
            .addLast(new LengthFieldBasedFrameDecoder(65536, 7, 4))
            .addLast(new Printer());
      }
    };
  }

  private static void readLines(Channel channel) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null && channel.isActive(); line = lines.readLine()) {
      var space = line.indexOf(' ');
      send(channel, Integer.parseInt(line.substring(0, space)), line.substring(space + 1));
    }
  }

  private static void send(Channel channel, int command, String json) {
    var payload = json.getBytes(StandardCharsets.UTF_8);
    var frame = channel.alloc().buffer(11 + payload.length);
    frame.writeInt(MAGIC).writeByte(VERSION).writeByte(JSON).writeByte(command);
    frame.writeInt(payload.length).writeBytes(payload);
    channel.writeAndFlush(frame);
  }

  /** Takes whole frames, as the decoder before it cuts them. */
  private static final class Printer extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Exception {
      var isClassic = frame.readInt() == MAGIC && frame.readByte() == VERSION && frame.readByte() == JSON;
      if (!isClassic) throw new IllegalStateException("no packet of version 1");
      var command = frame.readUnsignedByte();
      var payload = frame.readCharSequence(frame.readInt(), StandardCharsets.UTF_8);
      System.out.write((command + " " + payload + "\n").getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      System.err.println(cause);
      context.close();
    }
  }
}
